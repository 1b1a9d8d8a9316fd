-- What each person with a charged line comes to, in two parts so that no sum overflows.
SELECT person_id, CAST(sum(amount // 1000000000) AS BIGINT) AS amount_high,
       CAST(sum(amount % 1000000000) AS BIGINT) AS amount_low
FROM judged_line WHERE fate = 'charged' GROUP BY person_id
