-- Rows of the persons file, typed: birth, the day after death (the day of death counts), body mass index in hundredths; the
-- bucket over which people are spread, which is the same here and in the files of lines; the first thing at fault.
SELECT f.row_number, trim(f.person_key) AS person_key, CAST(hash(trim(f.person_key)) % 64 AS TINYINT) AS bucket,
       birth.day AS birth_day, coalesce(death.day + 1, $open_end) AS gone_day,
       CASE WHEN trim(f.body_mass_index) <> '' THEN scaled(plain_number(f.body_mass_index), 2) END AS bmi_hundredths,
       CASE WHEN trim(f.person_key) = '' THEN 'person key is blank'
            WHEN birth.day IS NULL THEN 'birth date is not a date'
            WHEN death.day IS NULL AND trim(f.death_date) <> '' THEN 'death date is not a date'
            WHEN trim(f.body_mass_index) <> '' AND plain_number(f.body_mass_index) IS NULL
                THEN 'body mass index is not a number'
            ELSE '' END AS fault
FROM incoming_people f
LEFT JOIN date_text birth ON birth.text = f.birth_date
LEFT JOIN date_text death ON death.text = f.death_date
