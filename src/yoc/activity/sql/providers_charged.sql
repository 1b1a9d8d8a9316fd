-- The providers of charged lines.
SELECT DISTINCT d.provider
FROM line_cell l JOIN decision d ON d.combination_id = l.combination_id
WHERE l.fate = 'charged' ORDER BY d.provider
