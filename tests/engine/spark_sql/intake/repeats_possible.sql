CREATE OR REPLACE TABLE repeat_possible AS
WITH unnamed AS (
  SELECT
    l.person_id,
    l.day,
    l.combination_id,
    l.quantity_thousandths,
    l.submitted_pence,
    l.file_id,
    l.row_number,
    l.load,
    l.episode_id
  FROM line AS l
  WHERE
    l.line_number = 0 AND l.person_id > 0
), alike AS (
  SELECT
    person_id,
    day,
    combination_id,
    quantity_thousandths,
    submitted_pence
  FROM unnamed
  GROUP BY
    person_id,
    day,
    combination_id,
    quantity_thousandths,
    submitted_pence
  HAVING
    COUNT(*) > 1
), found AS (
  SELECT
    u.*
  FROM unnamed AS u
  JOIN alike AS a
    ON a.person_id = u.person_id
    AND a.day = u.day
    AND a.combination_id = u.combination_id
    AND a.quantity_thousandths = u.quantity_thousandths
    AND a.submitted_pence IS NOT DISTINCT FROM u.submitted_pence
  WHERE
    u.episode_id = ''
), placed AS (
  SELECT
    FIRST_VALUE(CAST(file_id AS BIGINT) * 4294967296 + row_number) OVER (
      PARTITION BY person_id, day, combination_id, quantity_thousandths, submitted_pence
      ORDER BY load NULLS LAST, file_id NULLS LAST, row_number NULLS LAST
    ) AS group_id,
    ROW_NUMBER() OVER (
      PARTITION BY person_id, day, combination_id, quantity_thousandths, submitted_pence
      ORDER BY load NULLS LAST, file_id NULLS LAST, row_number NULLS LAST
    ) AS place,
    COUNT(*) OVER (
      PARTITION BY person_id, day, combination_id, quantity_thousandths, submitted_pence
    ) AS times,
    file_id,
    row_number,
    submitted_pence
  FROM found
)
SELECT
  'possible' AS class,
  group_id,
  place,
  file_id,
  row_number,
  submitted_pence
FROM placed
WHERE
  times > 1
