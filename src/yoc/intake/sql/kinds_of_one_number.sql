-- Numbers of codes that stand for more than one set of them: there must be none.
SELECT count(*) AS kinds FROM (SELECT kind FROM combination GROUP BY kind HAVING count(*) > 1) shared
