-- What the rows that were just read come to, by their codes, month, fault and the rules that read them: all that is asked
-- of a file beside its lines one by one. Sums count each amount as it is, and by its size.
SELECT r.file_number, r.kind, k.provider_code AS provider, k.commissioner_code AS commissioner,
       k.point_of_delivery_code AS point_of_delivery, k.tariff_code_code AS tariff_code,
       k.treatment_function_code AS treatment_function, k.specialised_service_code AS specialised_service,
       k.national_tariff_code AS national_tariff, $data_set AS data_set, $cost_basis AS cost_basis, k.not_counted,
       r.period, r.fault, r.person_key = '' AS nobody, r.period_rule, r.point_of_delivery_rule, r.practice_rule,
       r.amount_rule, count(*) AS rows, count(r.submitted_pence) AS readable,
       CAST(coalesce(sum(r.submitted_pence), 0) AS BIGINT) AS pence,
       CAST(coalesce(sum(abs(r.submitted_pence)), 0) AS BIGINT) AS size_pence,
       CAST(coalesce(sum(r.quantity_thousandths), 0) AS BIGINT) AS thousandths
FROM read_line r
JOIN (SELECT DISTINCT kind, provider_code, commissioner_code, point_of_delivery_code, tariff_code_code,
                      treatment_function_code, specialised_service_code, national_tariff_code, not_counted
      FROM kind_decision) k ON k.kind = r.kind
GROUP BY r.file_number, r.kind, k.provider_code, k.commissioner_code, k.point_of_delivery_code, k.tariff_code_code,
         k.treatment_function_code, k.specialised_service_code, k.national_tariff_code, k.not_counted, r.period, r.fault,
         r.person_key = '', r.period_rule, r.point_of_delivery_rule, r.practice_rule, r.amount_rule
ORDER BY r.file_number, provider, point_of_delivery, tariff_code, r.kind, r.period, r.fault
