WITH charged AS (
  SELECT
    r.class,
    r.group_id,
    r.place,
    r.file_id,
    r.row_number
  FROM repeated_line AS r
  JOIN judged_line AS j
    ON j.file_id = r.file_id AND j.row_number = r.row_number
  WHERE
    j.fate = 'charged' AND r.class IN ('exact', 'other_data_set')
), exact AS (
  SELECT
    c.file_id,
    c.row_number
  FROM charged AS c
  JOIN (
    SELECT
      group_id,
      MIN(place) AS place
    FROM charged
    WHERE
      class = 'exact'
    GROUP BY
      group_id
  ) AS first_of
    ON first_of.group_id = c.group_id
  WHERE
    c.class = 'exact' AND c.place > first_of.place
), between_sets AS (
  SELECT
    c.group_id,
    c.place,
    c.file_id,
    c.row_number
  FROM charged AS c
  LEFT JOIN exact AS e
    ON e.file_id = c.file_id AND e.row_number = c.row_number
  WHERE
    c.class = 'other_data_set' AND e.file_id IS NULL
)
SELECT
  file_id,
  row_number
FROM exact
UNION
SELECT
  b.file_id,
  b.row_number
FROM between_sets AS b
JOIN (
  SELECT
    group_id,
    MIN(place) AS place
  FROM between_sets
  GROUP BY
    group_id
) AS first_of
  ON first_of.group_id = b.group_id
WHERE
  b.place > first_of.place
