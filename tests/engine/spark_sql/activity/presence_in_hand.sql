CREATE OR REPLACE TABLE presence_in_hand AS
SELECT
  person_id,
  test_day,
  from_day,
  to_day,
  host_id,
  segment_id
FROM presence
WHERE
  person_id >= (
    SELECT
      COALESCE(MIN(person_id), 0)
    FROM person_in_hand
  )
  AND person_id <= (
    SELECT
      COALESCE(MAX(person_id), -1)
    FROM person_in_hand
  )
