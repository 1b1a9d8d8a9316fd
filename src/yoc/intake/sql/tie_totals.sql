-- What each provider comes to under each rule on either side, and how many cells there are and lie apart.
SELECT rule, provider, CAST(coalesce(sum(first_pence), 0) AS BIGINT) AS first_pence,
       CAST(coalesce(sum(second_pence), 0) AS BIGINT) AS second_pence, count(*) AS cells,
       CAST(sum(CASE WHEN money_apart OR quantity_apart THEN 1 ELSE 0 END) AS BIGINT) AS cells_apart
FROM tie_cell GROUP BY rule, provider ORDER BY rule, provider
