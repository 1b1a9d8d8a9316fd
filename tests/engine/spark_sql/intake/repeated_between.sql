CREATE OR REPLACE TABLE repeated_line AS
WITH shared AS (
  SELECT
    provider,
    episode_id,
    day,
    point_of_delivery
  FROM canonical
  WHERE
    fault = '' AND not_counted = '' AND episode_id <> ''
  GROUP BY
    provider,
    episode_id,
    day,
    point_of_delivery
  HAVING
    MIN(data_set) <> MAX(data_set)
), found AS (
  SELECT
    DENSE_RANK() OVER (
      ORDER BY r.provider NULLS LAST, r.episode_id NULLS LAST, r.day NULLS LAST, r.point_of_delivery NULLS LAST
    ) AS group_id,
    r.data_set,
    l.file_id,
    l.row_number,
    f.load
  FROM canonical AS r
  JOIN shared AS s
    ON s.provider = r.provider
    AND s.episode_id = r.episode_id
    AND s.day = r.day
    AND s.point_of_delivery = r.point_of_delivery
  JOIN activity_file AS f
    ON f.canonical = r.filename
  JOIN line AS l
    ON l.file_id = f.file_id AND l.row_number = r.row_number
  WHERE
    NOT l.superseded AND r.fault = '' AND r.not_counted = ''
), first_of AS (
  SELECT
    group_id,
    data_set,
    MIN(CAST(load AS BIGINT) * 1000000 + file_id) AS first_load
  FROM found
  GROUP BY
    group_id,
    data_set
), ranked AS (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY group_id ORDER BY first_load NULLS LAST) AS place,
    COUNT(*) OVER (PARTITION BY group_id) AS data_sets
  FROM first_of
)
SELECT
  class,
  group_id,
  place,
  file_id,
  row_number
FROM repeated_line
UNION ALL
SELECT
  'other_data_set',
  f.group_id,
  k.place,
  f.file_id,
  f.row_number
FROM found AS f
JOIN ranked AS k
  ON k.group_id = f.group_id AND k.data_set = f.data_set
WHERE
  k.data_sets > 1
