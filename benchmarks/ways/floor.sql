-- The least that any way must do: read each column that the job needs, and sum it. Of texts the lengths are summed.
SELECT (SELECT (count(*), sum(day), sum(period), sum(quantity_thousandths), sum(submitted_pence), sum(strlen(person_key)),
                sum(strlen(line_id)), sum(kind), sum(bucket), sum(strlen(fault)))
        FROM line) AS lines,
       (SELECT (count(*), sum(strlen("PSEUDO NHS NUMBER")), sum(strlen("PERSON BIRTH DATE")),
                sum(strlen("PERSON DEATH DATE")), sum(strlen("BODY MASS INDEX")))
        FROM person) AS persons,
       (SELECT (count(*), sum(strlen("PSEUDO NHS NUMBER")), sum(strlen("PRIMARY CARE PROVIDER")),
                sum(strlen("REGISTRATION TYPE")), sum(strlen("BUSINESS EFFECTIVE FROM DATE")),
                sum(strlen("BUSINESS EFFECTIVE TO DATE")), sum(strlen("REASON FOR REMOVAL")))
        FROM registration) AS registrations,
       (SELECT (count(*), sum(strlen("PSEUDO NHS NUMBER")), sum(strlen("CONDITION")), sum(strlen("DIAGNOSIS DATE")))
        FROM condition) AS conditions
