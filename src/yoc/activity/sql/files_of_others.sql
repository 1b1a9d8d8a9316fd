-- Files that have lines, and none for a commissioner of the contract: how many lines, and the sums submitted on them.
SELECT l.file_id, CAST(sum(l.lines) AS BIGINT) AS lines, CAST(sum(l.submitted_pence) AS BIGINT) AS submitted_pence
FROM line_cell l
JOIN combination c ON c.combination_id = l.combination_id
LEFT JOIN own_commissioner o ON o.written = c.commissioner
GROUP BY l.file_id HAVING count(o.meant) = 0 ORDER BY l.file_id
