-- The registration rows that were kept out: where each stands and why. Never what it holds.
SELECT row_number, fault FROM read_registration WHERE fault <> '' ORDER BY row_number
