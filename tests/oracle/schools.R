# Writes apistrat.csv, apiclus2.csv and apiclus2_contrasts.csv: what R's survey finds in two samples of Californian schools
# (Academic Performance Index, data sets of survey), one drawn by strata, one of schools within districts. Run from the root
# with the folder that holds these data as CSV: Rscript tests/oracle/schools.R FOLDER. The data are not kept here. The finite
# population correction is left out, because `impact` takes primary units as drawn with replacement.
folder <- commandArgs(trailingOnly = TRUE)
if (length(folder) != 1) {
  message("schools.R: give the folder of apistrat.csv and apiclus2.csv; its results are left as they are")
  quit(status = 0)
}
suppressMessages(library(survey))
schools <- function(name) read.csv(file.path(folder, "survey_api", name))
stratified <- svydesign(ids = ~1, strata = ~stype, weights = ~pw, data = schools("apistrat.csv"))
two_stage <- svydesign(ids = ~dnum + snum, weights = ~pw, data = schools("apiclus2.csv"))
levels <- list(stype = c("E", "H", "M"), yr.rnd = c("No", "Yes"))
yes <- c("awards", "sch.wide", "comp.imp")

write_table <- function(table, name, note) {
  file <- file.path("tests/oracle", name)
  writeLines(c(paste0("# schools.R, ", R.version.string, ", survey ", packageVersion("survey")), paste("#", note)), file)
  suppressWarnings(write.table(format(table, digits = 17, trim = TRUE), file, append = TRUE, sep = ",", row.names = FALSE, quote = FALSE))
}

row <- function(domain, by, group, variable, answer) {
  value <- if (answer == "") as.name(variable) else bquote(as.numeric(.(as.name(variable)) == .(answer)))
  design <- eval(bquote(update(domain, value = .(value))))
  design <- subset(design, !is.na(value))
  mean <- svymean(~value, design)
  data.frame(by, group, variable, answer, n = nrow(design), mean = coef(mean)[[1]], std_error = SE(mean)[[1]], df = degf(design))
}
rows <- function(domain, by, group) {
  shares <- lapply(yes, function(variable) rbind(row(domain, by, group, variable, "Yes"), row(domain, by, group, variable, "No")))
  rbind(do.call(rbind, shares), row(domain, by, group, "api00", ""))
}
means <- function(design) {
  found <- rows(design, "", "")
  for (by in names(levels)) for (group in levels[[by]]) {
    found <- rbind(found, rows(eval(bquote(subset(design, .(as.name(by)) == .(group)))), by, group))
  }
  found
}
write_table(means(stratified), "apistrat.csv", "With replacement within strata: no finite population correction.")
write_table(means(two_stage), "apiclus2.csv", "Districts drawn with replacement: no finite population correction.")

# Two groups of schools that share districts: differences and ratios from the totals of both, and Rao and Scott's test of the
# table of group by answer, second order, referred to F.
contrast_row <- function(by, a, b, variable, answer) {
  answers <- two_stage$variables[[variable]]
  value <- if (answer == "") answers else as.numeric(answers == answer)
  inside <- function(group) as.numeric(two_stage$variables[[by]] == group & !is.na(value))
  filled <- ifelse(is.na(value), 0, value)
  design <- update(two_stage, ya = filled * inside(a), na = inside(a), yb = filled * inside(b), nb = inside(b))
  totals <- svytotal(~ya + na + yb + nb, design)
  gap <- svycontrast(totals, quote(ya / na - yb / nb))
  times <- svycontrast(totals, quote((ya / na) / (yb / nb)))
  both <- update(subset(design, na + nb > 0), in_a = na == 1, y = (ya + yb) == 1)
  test <- if (answer == "") NA else svychisq(~in_a + y, both, statistic = "F")$p.value[[1]]
  data.frame(by, a, b, variable, answer, difference = coef(gap)[[1]], difference_error = SE(gap)[[1]], ratio = coef(times)[[1]],
             ratio_error = SE(times)[[1]], df = degf(both), rao_scott = test)
}
pairs <- list(c("stype", "E", "H"), c("stype", "E", "M"), c("stype", "H", "M"), c("yr.rnd", "No", "Yes"))
variables <- list(c("awards", "Yes"), c("sch.wide", "Yes"), c("comp.imp", "Yes"), c("api00", ""))
found <- do.call(rbind, lapply(pairs, function(pair) do.call(rbind, lapply(variables, function(variable) {
  contrast_row(pair[1], pair[2], pair[3], variable[1], variable[2])
}))))
write_table(found, "apiclus2_contrasts.csv", "Districts drawn with replacement: no finite population correction.")
