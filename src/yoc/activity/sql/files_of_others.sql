-- Files that have lines, and none for a commissioner of the contract: how many lines, and the sums submitted on them.
SELECT j.file_id, count(*) AS lines, CAST(coalesce(sum(j.submitted_pence), 0) AS BIGINT) AS submitted_pence
FROM judged_line j
JOIN combination c ON c.combination_id = j.combination_id
LEFT JOIN own_commissioner o ON o.written = c.commissioner
GROUP BY j.file_id HAVING count(o.meant) = 0 ORDER BY j.file_id
