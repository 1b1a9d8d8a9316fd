CREATE OR REPLACE TABLE repeated_line AS
WITH again AS (
  SELECT
    c.provider,
    l.line_id
  FROM line AS l
  JOIN combination AS c
    ON c.combination_id = l.combination_id
  WHERE
    NOT l.superseded AND l.line_id <> '' AND c.not_counted = ''
  GROUP BY
    c.provider,
    l.line_id
  HAVING
    COUNT(*) > 1
), named AS (
  SELECT
    l.file_id,
    l.row_number,
    f.load,
    l.line_id,
    l.person_id,
    l.combination_id,
    l.day,
    l.quantity_thousandths,
    l.submitted_pence,
    c.provider,
    c.data_set
  FROM line AS l
  JOIN combination AS c
    ON c.combination_id = l.combination_id
  JOIN again AS a
    ON a.provider = c.provider AND a.line_id = l.line_id
  JOIN activity_file AS f
    ON f.file_id = l.file_id
  WHERE
    NOT l.superseded AND c.not_counted = ''
), placed AS (
  SELECT
    *,
    DENSE_RANK() OVER (
      ORDER BY line_id NULLS LAST, combination_id NULLS LAST, person_id NULLS LAST, day NULLS LAST, quantity_thousandths NULLS LAST, submitted_pence NULLS LAST
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
  row_number
FROM placed
WHERE
  times > 1
UNION ALL
SELECT
  'other_version',
  version_group,
  place,
  file_id,
  row_number
FROM versions
WHERE
  times > 1
