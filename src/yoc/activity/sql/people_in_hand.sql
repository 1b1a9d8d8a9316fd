-- The people in hand by key, with the first and the last day on which a line can be theirs.
CREATE OR REPLACE TABLE person_in_hand AS
SELECT k.person_key, k.person_id, p.birth_day, p.gone_day
FROM person_key k
JOIN bucket_in_hand b ON b.bucket = k.bucket
LEFT JOIN read_person p ON p.person_id = k.person_id AND p.fault = ''
