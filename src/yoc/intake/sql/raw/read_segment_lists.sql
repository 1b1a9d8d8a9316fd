-- Rows of the lists of segments, typed, from the first day to the day after the last; blank dates have no end.
SELECT f.row_number, trim(f.person_key) AS person_key, CAST(hash(trim(f.person_key)) % 64 AS TINYINT) AS bucket,
       trim(f.segment) AS segment,
       CASE WHEN trim(coalesce(f.from_date, '')) = '' THEN $open_start ELSE started.day END AS from_day,
       CASE WHEN trim(coalesce(f.to_date, '')) = '' THEN $open_end ELSE ended.day + 1 END AS to_day,
       CASE WHEN trim(f.person_key) = '' THEN 'person key is blank'
            WHEN started.day IS NULL AND trim(coalesce(f.from_date, '')) <> '' THEN 'from date is not a date'
            WHEN ended.day IS NULL AND trim(coalesce(f.to_date, '')) <> '' THEN 'to date is not a date'
            WHEN ended.day < started.day THEN 'to date is before the from date'
            ELSE '' END AS fault
FROM incoming_people f
LEFT JOIN date_text started ON started.text = f.from_date
LEFT JOIN date_text ended ON ended.text = f.to_date
