CREATE OR REPLACE TABLE repeated_line AS
WITH alike AS (
  SELECT
    person_id,
    day,
    combination_id,
    quantity_thousandths,
    submitted_pence
  FROM line
  WHERE
    NOT superseded AND person_id > 0 AND line_id = ''
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
    l.person_id,
    l.day,
    l.combination_id,
    l.quantity_thousandths,
    l.submitted_pence,
    l.file_id,
    l.row_number,
    f.load
  FROM line AS l
  JOIN alike AS a
    ON a.person_id = l.person_id
    AND a.day = l.day
    AND a.combination_id = l.combination_id
    AND a.quantity_thousandths = l.quantity_thousandths
    AND a.submitted_pence IS NOT DISTINCT FROM l.submitted_pence
  JOIN activity_file AS f
    ON f.file_id = l.file_id
  JOIN canonical AS r
    ON r.filename = f.canonical AND r.row_number = l.row_number
  WHERE
    NOT l.superseded AND l.line_id = '' AND r.episode_id = ''
), placed AS (
  SELECT
    DENSE_RANK() OVER (
      ORDER BY person_id NULLS LAST, day NULLS LAST, combination_id NULLS LAST, quantity_thousandths NULLS LAST, submitted_pence NULLS LAST
    ) AS group_id,
    ROW_NUMBER() OVER (
      PARTITION BY person_id, day, combination_id, quantity_thousandths, submitted_pence
      ORDER BY load NULLS LAST, file_id NULLS LAST, row_number NULLS LAST
    ) AS place,
    COUNT(*) OVER (
      PARTITION BY person_id, day, combination_id, quantity_thousandths, submitted_pence
    ) AS times,
    file_id,
    row_number
  FROM found
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
  'possible',
  group_id,
  place,
  file_id,
  row_number
FROM placed
WHERE
  times > 1
