-- The rows of a file that were kept out: where each stands and why. Never what it holds.
SELECT row_number, fault FROM read_line WHERE fault <> '' ORDER BY row_number
