-- The rows of the lists that were kept out: where each stands and why. Never what it holds.
SELECT row_number, fault FROM read_segment_list WHERE fault <> '' ORDER BY row_number
