-- How many rows and how much money of each file a later load superseded, and whether the file holds the plan's year.
SELECT f.file_id,
       CAST(coalesce(sum(p.lines), 0) AS BIGINT) AS kept,
       CAST(coalesce(sum(CASE WHEN p.superseded THEN p.lines END), 0) AS BIGINT) AS superseded,
       CAST(coalesce(sum(CASE WHEN p.superseded THEN p.pence END), 0) AS BIGINT) AS superseded_pence,
       CAST(coalesce(sum(CASE WHEN p.period BETWEEN $first_period AND $last_period THEN p.lines END), 0) AS BIGINT)
           AS in_year
FROM activity_file f LEFT JOIN line_part p ON p.file_id = f.file_id
GROUP BY f.file_id ORDER BY f.file_id
