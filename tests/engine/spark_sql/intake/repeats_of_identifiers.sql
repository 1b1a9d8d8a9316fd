CREATE OR REPLACE TABLE repeat_of_identifier AS
WITH again AS (
  SELECT
    l.line_number
  FROM kept_line AS l
  JOIN combination AS c
    ON c.combination_id = l.combination_id
  WHERE
    l.line_number <> 0 AND c.not_counted = ''
  GROUP BY
    l.line_number
  HAVING
    COUNT(*) > 1
), named AS (
  SELECT
    l.file_id,
    l.row_number,
    l.load,
    l.line_id,
    l.combination_id,
    l.day,
    l.quantity_thousandths,
    l.submitted_pence,
    CASE WHEN l.person_key = '' THEN 0 ELSE COALESCE(p.person_id, -1) END AS person_id,
    c.provider,
    c.data_set
  FROM kept_line AS l
  JOIN again AS a
    ON a.line_number = l.line_number
  JOIN combination AS c
    ON c.combination_id = l.combination_id
  LEFT JOIN person_key AS p
    ON p.person_key = l.person_key
  WHERE
    c.not_counted = ''
), placed AS (
  SELECT
    *,
    FIRST_VALUE(CAST(file_id AS BIGINT) * 4294967296 + row_number) OVER (
      PARTITION BY line_id, combination_id, person_id, day, quantity_thousandths, submitted_pence
      ORDER BY load NULLS LAST, file_id NULLS LAST, row_number NULLS LAST
    ) AS exact_group,
    ROW_NUMBER() OVER (
      PARTITION BY line_id, combination_id, person_id, day, quantity_thousandths, submitted_pence
      ORDER BY load NULLS LAST, file_id NULLS LAST, row_number NULLS LAST
    ) AS place,
    COUNT(*) OVER (
      PARTITION BY line_id, combination_id, person_id, day, quantity_thousandths, submitted_pence
    ) AS times
  FROM named
), versions AS (
  SELECT
    file_id,
    row_number,
    submitted_pence,
    FIRST_VALUE(CAST(file_id AS BIGINT) * 4294967296 + row_number) OVER (
      PARTITION BY provider, data_set, line_id
      ORDER BY load NULLS LAST, file_id NULLS LAST, row_number NULLS LAST
    ) AS version_group,
    ROW_NUMBER() OVER (
      PARTITION BY provider, data_set, line_id
      ORDER BY load NULLS LAST, file_id NULLS LAST, row_number NULLS LAST
    ) AS place,
    COUNT(*) OVER (PARTITION BY provider, data_set, line_id) AS times
  FROM placed
  WHERE
    place = 1
)
SELECT
  'exact' AS class,
  exact_group AS group_id,
  place,
  file_id,
  row_number,
  submitted_pence
FROM placed
WHERE
  times > 1
UNION ALL
SELECT
  'other_version',
  version_group,
  place,
  file_id,
  row_number,
  submitted_pence
FROM versions
WHERE
  times > 1
