CREATE OR REPLACE TABLE repeat_between AS
WITH told AS (
  SELECT
    c.provider,
    c.point_of_delivery,
    c.data_set,
    l.episode_id,
    l.day,
    l.file_id,
    l.row_number,
    l.load,
    l.submitted_pence
  FROM kept_line AS l
  JOIN combination AS c
    ON c.combination_id = l.combination_id
  WHERE
    l.episode_id <> ''
    AND c.not_counted = ''
    AND NOT (
      l.submitted_pence IS NULL AND l.amount_rule = 'blank'
    )
), shared AS (
  SELECT
    provider,
    episode_id,
    day,
    point_of_delivery
  FROM told
  GROUP BY
    provider,
    episode_id,
    day,
    point_of_delivery
  HAVING
    MIN(data_set) <> MAX(data_set)
), found AS (
  SELECT
    FIRST_VALUE(CAST(t.file_id AS BIGINT) * 4294967296 + t.row_number) OVER (
      PARTITION BY t.provider, t.episode_id, t.day, t.point_of_delivery
      ORDER BY t.load NULLS LAST, t.file_id NULLS LAST, t.row_number NULLS LAST
    ) AS group_id,
    t.data_set,
    t.file_id,
    t.row_number,
    t.load,
    t.submitted_pence
  FROM told AS t
  JOIN shared AS s
    ON s.provider = t.provider
    AND s.episode_id = t.episode_id
    AND s.day = t.day
    AND s.point_of_delivery = t.point_of_delivery
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
    group_id,
    data_set,
    ROW_NUMBER() OVER (PARTITION BY group_id ORDER BY first_load NULLS LAST) AS place
  FROM first_of
)
SELECT
  'other_data_set' AS class,
  f.group_id,
  k.place,
  f.file_id,
  f.row_number,
  f.submitted_pence
FROM found AS f
JOIN ranked AS k
  ON k.group_id = f.group_id AND k.data_set = f.data_set
