SELECT
  COUNT(*) AS people
FROM person_over
