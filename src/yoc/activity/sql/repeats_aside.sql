-- Of charged lines that repeat one another the first stays charged and the others are set aside.
UPDATE judged_line SET fate = 'duplicate', amount = 0
WHERE fate = 'charged' AND (file_id, row_number) IN (
    SELECT (r.file_id, r.row_number)
    FROM repeated_line r
    JOIN (SELECT f.group_id, min(f.place) AS place
          FROM repeated_line f JOIN judged_line j ON j.file_id = f.file_id AND j.row_number = f.row_number
          WHERE f.class = $class AND j.fate = 'charged'
          GROUP BY f.group_id) first_of ON first_of.group_id = r.group_id
    WHERE r.class = $class AND r.place > first_of.place)
