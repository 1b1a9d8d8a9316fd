-- Rows of the conditions file, typed. A condition is known whether its name is in capitals or not.
SELECT f.row_number, trim(f.person_key) AS person_key, CAST(hash(trim(f.person_key)) % 64 AS TINYINT) AS bucket,
       lower(trim(f.condition)) AS condition, diagnosed.day,
       CASE WHEN trim(f.person_key) = '' THEN 'person key is blank'
            WHEN diagnosed.day IS NULL THEN 'diagnosis date is not a date'
            ELSE '' END AS fault
FROM incoming_people f
LEFT JOIN date_text diagnosed ON diagnosed.text = f.diagnosis_date
