-- The money of each file as submitted, all of it and the part on rejected rows; sums that cannot be read are counted.
SELECT file_id,
       CAST(coalesce(sum(submitted_pence), 0) AS BIGINT) AS submitted_pence,
       CAST(coalesce(sum(submitted_pence) FILTER (rejected), 0) AS BIGINT) AS rejected_pence,
       count(*) FILTER (submitted_pence IS NULL AND rejected) AS unreadable_sums
FROM (SELECT f.file_id, r.submitted_pence,
             r.fault <> '' AND NOT ($blank_total_kept AND r.fault = 'total cost is blank') AS rejected
      FROM canonical r JOIN activity_file f ON f.canonical = r.filename)
GROUP BY file_id ORDER BY file_id
