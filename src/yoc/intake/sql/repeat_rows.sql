-- Where the lines stand that repeat an earlier one, of each class.
SELECT file_id, class, row_number FROM repeated_line WHERE place > 1 ORDER BY file_id, class, row_number
