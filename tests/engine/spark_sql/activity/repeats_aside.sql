CREATE OR REPLACE TABLE judged_line AS
WITH first_of AS (
  SELECT
    f.group_id,
    MIN(f.place) AS place
  FROM repeated_line AS f
  JOIN judged_line AS j
    ON j.file_id = f.file_id AND j.row_number = f.row_number
  WHERE
    f.class = :class AND j.fate = 'charged'
  GROUP BY
    f.group_id
), aside AS (
  SELECT DISTINCT
    r.file_id,
    r.row_number
  FROM repeated_line AS r
  JOIN first_of AS f
    ON f.group_id = r.group_id
  WHERE
    r.class = :class AND r.place > f.place
)
SELECT
  j.*
  EXCEPT (fate, amount),
  CASE
    WHEN j.fate = 'charged' AND NOT a.file_id IS NULL
    THEN 'duplicate'
    ELSE j.fate
  END AS fate,
  CASE WHEN j.fate = 'charged' AND NOT a.file_id IS NULL THEN 0 ELSE j.amount END AS amount
FROM judged_line AS j
LEFT JOIN aside AS a
  ON a.file_id = j.file_id AND a.row_number = j.row_number
