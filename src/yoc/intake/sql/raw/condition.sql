-- Conditions as numbers: only those that the contract names have one; the others are read and not needed.
CREATE TABLE read_condition AS
SELECT f.row_number, p.person_id, named.bit, diagnosed.day,
       CASE WHEN trim(f.person_key) = '' THEN 'person key is blank'
            WHEN diagnosed.day IS NULL THEN 'diagnosis date is not a date'
            ELSE '' END AS fault
FROM conditions_file f
LEFT JOIN person_key p ON p.person_key = trim(f.person_key)
LEFT JOIN condition_bit named ON named.condition = lower(trim(f.condition))
LEFT JOIN date_text diagnosed ON diagnosed.text = f.diagnosis_date
