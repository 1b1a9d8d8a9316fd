-- The money of each file as submitted, all of it and the part on rejected rows; sums that cannot be read are counted.
SELECT file_id,
       CAST(coalesce(sum(submitted_pence), 0) AS BIGINT) AS submitted_pence,
       CAST(coalesce(sum(submitted_pence) FILTER (fault <> ''), 0) AS BIGINT) AS rejected_pence,
       count(*) FILTER (submitted_pence IS NULL AND fault <> '') AS unreadable_sums
FROM read_line GROUP BY file_id ORDER BY file_id
