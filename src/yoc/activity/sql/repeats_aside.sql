-- Of charged lines that repeat one another the first stays charged and the others are set aside.
CREATE OR REPLACE TABLE judged_line AS
WITH first_of AS (
    SELECT f.group_id, min(f.place) AS place
    FROM repeated_line f JOIN judged_line j ON j.file_id = f.file_id AND j.row_number = f.row_number
    WHERE f.class = $class AND j.fate = 'charged'
    GROUP BY f.group_id),
aside AS (
    SELECT DISTINCT r.file_id, r.row_number
    FROM repeated_line r JOIN first_of f ON f.group_id = r.group_id
    WHERE r.class = $class AND r.place > f.place)
SELECT j.* EXCLUDE (fate, amount),
       CASE WHEN j.fate = 'charged' AND a.file_id IS NOT NULL THEN 'duplicate' ELSE j.fate END AS fate,
       CASE WHEN j.fate = 'charged' AND a.file_id IS NOT NULL THEN 0 ELSE j.amount END AS amount
FROM judged_line j LEFT JOIN aside a ON a.file_id = j.file_id AND a.row_number = j.row_number
