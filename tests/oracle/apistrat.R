# Writes apistrat.csv: shares, means, standard errors and degrees of freedom of the stratified sample of Californian schools
# (Academic Performance Index, data set of R's survey). Run from the root with the path of a CSV of that data set:
# Rscript tests/oracle/apistrat.R apistrat.csv. The data are not kept here. Strata are `stype`, weights `pw`; the
# finite population correction `fpc` is left out, because `impact` takes primary units as drawn with replacement.
path <- commandArgs(trailingOnly = TRUE)
if (length(path) != 1) {
  message("apistrat.R: give the path of apistrat.csv; its results are left as they are")
  quit(status = 0)
}
suppressMessages(library(survey))
schools <- read.csv(path)
design <- svydesign(ids = ~1, strata = ~stype, weights = ~pw, data = schools)
levels <- list(stype = c("E", "H", "M"), yr.rnd = c("No", "Yes"))
yes <- c("awards", "sch.wide", "comp.imp")

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
found <- rows(design, "", "")
for (by in names(levels)) for (group in levels[[by]]) {
  found <- rbind(found, rows(eval(bquote(subset(design, .(as.name(by)) == .(group)))), by, group))
}
file <- "tests/oracle/apistrat.csv"
writeLines(c(paste0("# apistrat.R, ", R.version.string, ", survey ", packageVersion("survey")),
             "# With replacement within strata: no finite population correction."), file)
suppressWarnings(write.table(format(found, digits = 17, trim = TRUE), file, append = TRUE, sep = ",", row.names = FALSE, quote = FALSE))
