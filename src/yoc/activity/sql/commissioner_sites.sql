-- Lines by commissioner code that stands for a commissioner of the contract without being its code.
SELECT o.written, o.meant, CAST(sum(l.lines) AS BIGINT) AS lines
FROM line_cell l
JOIN combination c ON c.combination_id = l.combination_id
JOIN own_commissioner o ON o.written = c.commissioner
WHERE o.written <> o.meant
GROUP BY o.written, o.meant ORDER BY o.written
