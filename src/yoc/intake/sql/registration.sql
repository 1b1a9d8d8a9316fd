-- Registrations by number, from the first day to the day after the last.
CREATE OR REPLACE TABLE read_registration AS
SELECT k.row_number, p.person_id, k.practice, k.regular, k.from_day, k.to_day, k.fault
FROM kept_registration k LEFT JOIN person_key p ON p.person_key = k.person_key
