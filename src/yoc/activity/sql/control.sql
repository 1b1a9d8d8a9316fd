-- Control totals: the lines that count as reading summed them, and the lines that were judged.
SELECT (SELECT CAST(coalesce(sum(lines), 0) AS BIGINT) FROM line_part WHERE NOT superseded) AS lines_in,
       (SELECT CAST(coalesce(sum(pence), 0) AS BIGINT) FROM line_part WHERE NOT superseded) AS submitted_in_pence,
       (SELECT CAST(coalesce(sum(lines), 0) AS BIGINT) FROM line_cell) AS lines_judged
