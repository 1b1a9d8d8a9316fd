-- Providers with lines that statements and invoices should hold, and with neither: how many lines, and for how much.
SELECT c.provider, count(*) AS lines, CAST(coalesce(sum(l.submitted_pence), 0) AS BIGINT) AS submitted_pence
FROM line l
JOIN combination c ON c.combination_id = l.combination_id
JOIN tied_data_set d ON d.data_set = c.data_set
WHERE NOT l.superseded AND c.not_counted = '' AND l.period <= $last_begun
  AND c.provider NOT IN (SELECT provider FROM tie_cell)
GROUP BY c.provider ORDER BY c.provider
