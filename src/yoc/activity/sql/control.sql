-- Control totals, taken from the narrow lines themselves and not from any later table.
SELECT (SELECT count(*) FROM line WHERE NOT superseded) AS lines_in,
       (SELECT CAST(coalesce(sum(submitted_pence), 0) AS BIGINT) FROM line WHERE NOT superseded) AS submitted_in_pence,
       (SELECT count(*) FROM judged_line) AS lines_judged
