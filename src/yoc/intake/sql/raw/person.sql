-- Persons as numbers: birth, the day after death (the day of death counts), body mass index in hundredths.
CREATE TABLE read_person AS
SELECT f.row_number, p.person_id, birth.day AS birth_day, coalesce(death.day + 1, $open_end) AS gone_day,
       CASE WHEN trim(f.body_mass_index) <> '' THEN scaled(plain_number(f.body_mass_index), 2) END AS bmi_hundredths,
       CASE WHEN p.person_id IS NULL THEN 'person key is blank'
            WHEN birth.day IS NULL THEN 'birth date is not a date'
            WHEN death.day IS NULL AND trim(f.death_date) <> '' THEN 'death date is not a date'
            WHEN trim(f.body_mass_index) <> '' AND plain_number(f.body_mass_index) IS NULL
                THEN 'body mass index is not a number'
            ELSE '' END AS fault
FROM persons_file f
LEFT JOIN person_key p ON p.person_key = trim(f.person_key)
LEFT JOIN date_text birth ON birth.text = f.birth_date
LEFT JOIN date_text death ON death.text = f.death_date
