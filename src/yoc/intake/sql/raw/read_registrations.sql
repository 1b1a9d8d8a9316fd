-- Rows of a file of registrations, typed, from the first day to the day after the last. Only regular registrations count; one
-- marked as left without saying when cannot be placed in time. A file of PDS care practices has no column of types: all of
-- its rows are regular.
SELECT f.row_number, trim(f.person_key) AS person_key, CAST(hash(trim(f.person_key)) % 64 AS TINYINT) AS bucket,
       upper(trim(f.practice)) AS practice,
       f.registration_type IS NULL OR upper(trim(f.registration_type)) = 'REGULAR' AS regular,
       started.day AS from_day, coalesce(ended.day + 1, $open_end) AS to_day,
       CASE WHEN trim(f.person_key) = '' THEN 'person key is blank'
            WHEN started.day IS NULL THEN 'from date is not a date'
            WHEN ended.day IS NULL AND trim(f.to_date) <> '' THEN 'to date is not a date'
            WHEN trim(f.to_date) = '' AND lower(trim(coalesce(f.removal_reason, ''))) = 'left'
                THEN 'to date is blank although the reason for removal says left'
            WHEN ended.day < started.day THEN 'to date is before the from date'
            ELSE '' END AS fault
FROM incoming_people f
LEFT JOIN date_text started ON started.text = f.from_date
LEFT JOIN date_text ended ON ended.text = f.to_date
