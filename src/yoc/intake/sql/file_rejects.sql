-- The rows that were kept out: where each stands and why. Never what it holds.
SELECT file_id, row_number, fault FROM read_line WHERE fault <> '' ORDER BY file_id, row_number
