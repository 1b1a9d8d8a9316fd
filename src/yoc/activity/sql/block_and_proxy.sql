-- Providers and settings in which lines of a block stand beside charged proxies for the cost of care: what the block
-- comes to where it is charged, where it is nobody's, and what the proxies come to. Amounts in two parts, so that no sum
-- overflows.
WITH block AS (
    SELECT d.provider, d.setting,
           CAST(coalesce(sum(CASE WHEN l.fate = 'charged' THEN l.submitted_pence END), 0) AS BIGINT) AS charged_pence,
           CAST(coalesce(sum(CASE WHEN l.fate = 'charged' THEN l.lines END), 0) AS BIGINT) AS charged_lines,
           CAST(sum(l.submitted_pence) AS BIGINT) AS block_pence
    FROM line_cell l
    JOIN combination c ON c.combination_id = l.combination_id
    JOIN decision d ON d.combination_id = l.combination_id
    WHERE c.point_of_delivery = 'BLOCK' AND l.fate IN ('charged', 'no_person')
    GROUP BY d.provider, d.setting),
proxy AS (
    SELECT d.provider, d.setting, CAST(sum(l.amount_high) AS BIGINT) AS proxy_high,
           CAST(sum(l.amount_low) AS BIGINT) AS proxy_low
    FROM line_cell l
    JOIN combination c ON c.combination_id = l.combination_id
    JOIN decision d ON d.combination_id = l.combination_id
    WHERE c.cost_basis = 'proxy' AND l.fate = 'charged'
    GROUP BY d.provider, d.setting)
SELECT b.provider, b.setting, b.charged_pence, b.charged_lines, b.block_pence, p.proxy_high, p.proxy_low
FROM block b JOIN proxy p ON p.provider = b.provider AND p.setting = b.setting
ORDER BY b.provider, b.setting
