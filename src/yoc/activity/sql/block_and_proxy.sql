-- Providers and settings in which lines of a block stand beside charged proxies for the cost of care: what the block
-- comes to where it is charged, where it is nobody's, and what the proxies come to. Amounts in two parts, so that no sum
-- overflows.
WITH block AS (
    SELECT j.provider, j.setting,
           CAST(coalesce(sum(CASE WHEN j.fate = 'charged' THEN j.submitted_pence END), 0) AS BIGINT) AS charged_pence,
           CAST(sum(CASE WHEN j.fate = 'charged' THEN 1 ELSE 0 END) AS BIGINT) AS charged_lines,
           CAST(coalesce(sum(j.submitted_pence), 0) AS BIGINT) AS block_pence
    FROM judged_line j JOIN combination c ON c.combination_id = j.combination_id
    WHERE c.point_of_delivery = 'BLOCK' AND j.fate IN ('charged', 'no_person')
    GROUP BY j.provider, j.setting),
proxy AS (
    SELECT j.provider, j.setting, CAST(sum(j.amount // 1000000000) AS BIGINT) AS proxy_high,
           CAST(sum(j.amount % 1000000000) AS BIGINT) AS proxy_low
    FROM judged_line j JOIN combination c ON c.combination_id = j.combination_id
    WHERE c.cost_basis = 'proxy' AND j.fate = 'charged'
    GROUP BY j.provider, j.setting)
SELECT b.provider, b.setting, b.charged_pence, b.charged_lines, b.block_pence, p.proxy_high, p.proxy_low
FROM block b JOIN proxy p ON p.provider = b.provider AND p.setting = b.setting
ORDER BY b.provider, b.setting
