-- Persons by number: birth, the day after death, body mass index in hundredths.
CREATE OR REPLACE TABLE read_person AS
SELECT k.row_number, p.person_id, k.birth_day, k.gone_day, k.bmi_hundredths, k.fault
FROM kept_person k LEFT JOIN person_key p ON p.person_key = k.person_key
