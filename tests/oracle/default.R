# Writes default_means.csv, default_breakdowns.csv, default_contrasts.csv and default_tests.csv from default_frame.csv, the bundled study's codes.
# Run from the root, after default.py. The codes that count and the values of the choices are typed here from the
# questionnaire, so that scoring is checked too.
suppressMessages(library(survey))

frame <- read.csv("tests/oracle/default_frame.csv", comment.char = "#", check.names = FALSE, colClasses = "character")
frame$weight <- as.numeric(frame$weight)
designs <- list(
  plain = svydesign(ids = ~1, weights = ~1, data = frame),
  weighted = svydesign(ids = ~1, weights = ~weight, data = frame),
  stratified = svydesign(ids = ~1, strata = ~stratum, weights = ~1, data = frame),
  clustered = svydesign(ids = ~cluster, weights = ~1, data = frame),
  whole = svydesign(ids = ~cluster, strata = ~stratum, weights = ~weight, data = frame)
)
often <- c(jamais = 1, rarement = 2, parfois = 3, souvent = 4, tres_souvent = 5)
agree <- c(pas_du_tout = 1, plutot_pas = 2, plutot = 3, tout_a_fait = 4)
counted <- list(
  compte_sur_personne = list("soutiens/personne", "1.0"),
  seul_souvent = list("seul", c("souvent", "tres_souvent")),
  regrets_souvent = list("regrets", c("souvent", "tres_souvent")),
  demarches_seul = list("demarches", c("plutot", "tout_a_fait")),
  rencontres_hebdomadaires = list("rencontres", c("semaine", "plus")),
  ambitieux = list("ambition_declaree", c("plutot", "tout_a_fait")),
  vise_superieur = list("diplome_attendu", c("bac_deux", "bac_cinq")),
  a_renonce = list("renoncement", "oui"),
  capable_de_chercher = list("recherche", c("plutot", "tout_a_fait")),
  absence_tres_souvent = list("absence", "tres_souvent"),
  trois_jours_manques = list("jours_manques", c("trois_quatre", "cinq_plus")),
  meilleurs_resultats = list("resultats", "meilleurs")
)
valued <- list(
  adultes_nombre = list("adultes", c(aucun = 0, un = 1, deux = 2, trois_quatre = 3.5, cinq_plus = 5)),
  confiance_moyenne = list("confiance", agree),
  solitude_moyenne = list("seul", often),
  ambition_moyenne = list("ambition_declaree", agree),
  absence_moyenne = list("absence", often)
)
scores <- c(
  lapply(counted, function(one) ifelse(frame[[one[[1]]]] == "", NA, as.numeric(frame[[one[[1]]]] %in% one[[2]]))),
  lapply(valued, function(one) unname(one[[2]][frame[[one[[1]]]]]))
)
members <- list(
  mentored = frame$group == "mentored",
  mentored_over = frame$group == "mentored" & frame$band == "over",
  mentored_under = frame$group == "mentored" & frame$band == "under",
  mentored_unknown = frame$group == "mentored" & frame$band == "unknown",
  non_mentored = frame$group == "non_mentored",
  mentor = frame$group == "mentor"
)
pairs <- list(c("mentored", "non_mentored"), c("mentored_over", "non_mentored"), c("mentored_under", "non_mentored"),
              c("mentored_over", "mentored_under"))

write_table <- function(table, name) {
  file <- file.path("tests/oracle", name)
  writeLines(paste0("# default.R, ", R.version.string, ", survey ", packageVersion("survey")), file)
  suppressWarnings(write.table(format(table, digits = 17, trim = TRUE), file, append = TRUE, sep = ",", row.names = FALSE, quote = FALSE))
}
each <- function(row, ...) {
  cases <- expand.grid(..., name = names(designs), stringsAsFactors = FALSE)
  do.call(rbind, lapply(seq_len(nrow(cases)), function(i) do.call(row, as.list(cases[i, ]))))
}

# Rows outside a group keep their place in the design.
mean_row <- function(indicator, group, name) {
  inside <- members[[group]] & !is.na(scores[[indicator]])
  domain <- subset(update(designs[[name]], y = scores[[indicator]]), inside)
  if (nrow(domain) == 0) return(NULL)
  mean <- svymean(~y, domain)
  data.frame(design = name, indicator, group, n = nrow(domain), mean = coef(mean)[[1]], std_error = SE(mean)[[1]], df = degf(domain))
}
write_table(each(mean_row, indicator = names(scores), group = names(members)), "default_means.csv")

# Those of a group who gave one answer to another question are a domain like any other.
breakdown_row <- function(indicator, group, choice, name) {
  inside <- members[[group]] & frame$renoncement == choice & !is.na(scores[[indicator]])
  domain <- subset(update(designs[[name]], y = scores[[indicator]]), inside)
  if (nrow(domain) < 2) return(NULL)
  mean <- svymean(~y, domain)
  data.frame(design = name, indicator, group, choice, n = nrow(domain), mean = coef(mean)[[1]], std_error = SE(mean)[[1]], df = degf(domain))
}
others <- setdiff(names(scores), "a_renonce")
write_table(each(breakdown_row, indicator = others, group = names(members), choice = c("oui", "non")), "default_breakdowns.csv")

# From the totals of the scores and of the answers of each group; Rao and Scott's test of group by answer, for shares.
contrast_row <- function(indicator, pair, name) {
  y <- scores[[indicator]]
  inside <- lapply(pairs[[pair]], function(group) members[[group]] & !is.na(y))
  if (!any(inside[[1]]) || !any(inside[[2]])) return(NULL)
  filled <- ifelse(is.na(y), 0, y)
  design <- update(designs[[name]], y = filled, ya = filled * inside[[1]], na = as.numeric(inside[[1]]),
                   yb = filled * inside[[2]], nb = as.numeric(inside[[2]]))
  totals <- svytotal(~ya + na + yb + nb, design)
  gap <- svycontrast(totals, quote(ya / na - yb / nb))
  times <- svycontrast(totals, quote((ya / na) / (yb / nb)))
  both <- subset(design, na + nb > 0)
  test <- if (indicator %in% names(valued)) NA else svychisq(~na + y, both, statistic = "F")$p.value[[1]]
  data.frame(design = name, indicator, group = pairs[[pair]][1], reference = pairs[[pair]][2], difference = coef(gap)[[1]],
             difference_error = SE(gap)[[1]], ratio = coef(times)[[1]], ratio_error = SE(times)[[1]], df = degf(both), rao_scott = test)
}
write_table(each(contrast_row, indicator = names(scores), pair = seq_along(pairs)), "default_contrasts.csv")

# The table of two groups by every answer to a closed question.
test_row <- function(question, pair, name) {
  inside <- members[pairs[[pair]]]
  design <- update(designs[[name]], answer = frame[[question]], first = inside[[1]], either = inside[[1]] | inside[[2]])
  both <- subset(design, either & answer != "")
  found <- svychisq(~first + answer, both, statistic = "F")
  data.frame(design = name, question, group = pairs[[pair]][1], reference = pairs[[pair]][2], answers = length(unique(both$variables$answer)),
             f = found$statistic[[1]], ndf = found$parameter[[1]], ddf = found$parameter[[2]], p = found$p.value[[1]])
}
asked <- c("seul", "adultes", "confiance", "regrets", "ambition_declaree", "diplome_attendu", "absence", "jours_manques")
write_table(each(test_row, question = asked, pair = seq_along(pairs)), "default_tests.csv")
