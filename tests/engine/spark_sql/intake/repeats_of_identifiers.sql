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
    DENSE_RANK() OVER (
      ORDER BY line_id NULLS LAST, combination_id NULLS LAST, person_id NULLS LAST, day NULLS LAST, quantity_thousandths NULLS LAST, COALESCE(submitted_pence, 0) NULLS LAST, submitted_pence IS NULL NULLS LAST
    ) AS exact_group,
    ROW_NUMBER() OVER (
      PARTITION BY line_id, combination_id, person_id, day, quantity_thousandths, submitted_pence
      ORDER BY load NULLS LAST, file_id NULLS LAST, row_number NULLS LAST
    ) AS place,
    COUNT(*) OVER (
      PARTITION BY line_id, combination_id, person_id, day, quantity_thousandths, submitted_pence
    ) AS times,
    DENSE_RANK() OVER (ORDER BY provider NULLS LAST, data_set NULLS LAST, line_id NULLS LAST) AS version_group
  FROM named
), versions AS (
  SELECT
    file_id,
    row_number,
    submitted_pence,
    version_group,
    ROW_NUMBER() OVER (
      PARTITION BY version_group
      ORDER BY load NULLS LAST, file_id NULLS LAST, row_number NULLS LAST
    ) AS place,
    COUNT(*) OVER (PARTITION BY version_group) AS times
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
