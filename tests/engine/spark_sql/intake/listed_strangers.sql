SELECT
  COUNT(DISTINCT stranger) AS people
FROM read_segment_list
WHERE
  fault = '' AND person_id IS NULL
