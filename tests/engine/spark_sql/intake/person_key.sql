CREATE OR REPLACE TABLE person_key AS
WITH named AS (
  SELECT
    bucket,
    person_key
  FROM kept_person
  WHERE
    person_key <> ''
  UNION
  SELECT
    bucket,
    person_key
  FROM kept_registration
  WHERE
    person_key <> ''
), sizes AS (
  SELECT
    bucket,
    CAST(COUNT(*) AS BIGINT) AS people
  FROM named
  GROUP BY
    bucket
), starts AS (
  SELECT
    bucket,
    CAST(SUM(people) OVER (ORDER BY bucket NULLS LAST) AS BIGINT) - people AS earlier
  FROM sizes
)
SELECT
  CAST(s.earlier + ROW_NUMBER() OVER (PARTITION BY n.bucket ORDER BY n.person_key NULLS LAST) AS INT) AS person_id,
  n.person_key,
  n.bucket
FROM named AS n
JOIN starts AS s
  ON s.bucket = n.bucket
