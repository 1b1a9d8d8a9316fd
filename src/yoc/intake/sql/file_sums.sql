-- The money of a file as submitted, all of it and the part on rejected rows; sums that cannot be read are counted.
SELECT CAST(coalesce(sum(submitted_pence), 0) AS BIGINT) AS submitted_pence,
       CAST(coalesce(sum(submitted_pence) FILTER (fault <> ''), 0) AS BIGINT) AS rejected_pence,
       count(*) FILTER (submitted_pence IS NULL) AS unreadable_sums
FROM read_line
