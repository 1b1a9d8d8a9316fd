-- How many rows and how much money of each file a later load superseded, and whether the file holds the plan's year.
SELECT f.file_id,
       count(l.file_id) AS kept,
       count(*) FILTER (l.superseded) AS superseded,
       CAST(coalesce(sum(l.submitted_pence) FILTER (l.superseded), 0) AS BIGINT) AS superseded_pence,
       count(*) FILTER (l.period BETWEEN $first_period AND $last_period) AS in_year
FROM activity_file f LEFT JOIN line l USING (file_id)
GROUP BY f.file_id ORDER BY f.file_id
