-- Providers with lines that statements and invoices should hold, and with neither: how many lines, and for how much.
SELECT c.provider, CAST(sum(p.lines) AS BIGINT) AS lines, CAST(sum(p.pence) AS BIGINT) AS submitted_pence
FROM line_part p
JOIN combination c ON c.combination_id = p.combination_id
JOIN tied_data_set d ON d.data_set = c.data_set
WHERE NOT p.superseded AND c.not_counted = '' AND p.period <= $last_begun
  AND c.provider NOT IN (SELECT provider FROM tie_cell)
GROUP BY c.provider ORDER BY c.provider
