-- How many lines of each file repeat an earlier one, of each class, and what was submitted for them.
SELECT r.file_id, r.class, count(*) AS lines, CAST(coalesce(sum(l.submitted_pence), 0) AS BIGINT) AS submitted_pence
FROM repeated_line r JOIN line l ON l.file_id = r.file_id AND l.row_number = r.row_number
WHERE r.place > 1
GROUP BY r.file_id, r.class ORDER BY r.file_id, r.class
