# What R's survey takes for the shares of every question in every group, their differences and their ratios, with
# intervals, on the export that estimates.py writes: Rscript tests/benchmarks/survey.R EXPORT OUT. Prints the seconds of a
# vectorised route once the data are in memory, and writes what it found to OUT.
#
# Each question has its own base, so that a share is a ratio of two totals: one svytotal over all of them in every disjoint
# group gives every covariance, and svycontrast, a question at a time (its matrix is small then, and it is a hundred times
# as fast as on all questions at once), the shares, the differences and the ratios.
suppressMessages(library(survey))
paths <- commandArgs(trailingOnly = TRUE)
export <- read.csv(paths[1], na.strings = "")
questions <- grep("^Q", names(export), value = TRUE)
export$group <- ifelse(export$Mentor == "non", "non_mentored", ifelse(is.na(export$Mois), "mentored_unknown",
                       ifelse(export$Mois >= 6, "mentored_over", "mentored_under")))
yes <- as.matrix(export[questions]) == "Oui"
parts <- c("mentored_over", "mentored_under", "mentored_unknown", "non_mentored")
groups <- c(list(mentored = parts[1:3]), setNames(as.list(parts), parts))
pairs <- list(c("mentored", "non_mentored"), c("mentored_over", "non_mentored"), c("mentored_under", "non_mentored"),
              c("mentored_over", "mentored_under"))

# (a + b + c) of names.
added <- function(names) Reduce(function(x, y) call("+", x, y), lapply(names, as.name))
share <- function(group) call("/", call("(", added(paste0("yes_", groups[[group]]))), call("(", added(paste0("all_", groups[[group]]))))
asked <- c(
  setNames(lapply(names(groups), share), names(groups)),
  unlist(lapply(pairs, function(p) setNames(list(call("-", share(p[1]), share(p[2])), call("/", share(p[1]), share(p[2]))),
                                            paste(p[1], p[2], c("difference", "ratio")))))
)

route <- function() {
  design <- svydesign(ids = ~Grappe, weights = ~Poids, data = export)
  answered <- !is.na(yes)
  counted <- yes & answered
  inside <- lapply(parts, function(part) export$group == part)
  columns <- c(lapply(inside, function(rows) counted & rows), lapply(inside, function(rows) answered & rows))
  totals <- svytotal(do.call(cbind, columns), design)
  values <- unclass(coef(totals))
  variance <- vcov(totals)
  df <- degf(design)
  do.call(rbind, lapply(seq_along(questions), function(i) {
    own <- i + (seq_along(columns) - 1) * length(questions)
    of_question <- structure(setNames(values[own], c(paste0("yes_", parts), paste0("all_", parts))), var = variance[own, own],
                             statistic = "total", class = "svystat")
    found <- svycontrast(of_question, asked)
    limits <- confint(found, df = df)
    data.frame(question = questions[i], name = names(asked), estimate = unname(coef(found)), std_error = unname(SE(found)),
               low = limits[, 1], high = limits[, 2])
  }))
}
invisible(gc())
cat(system.time(found <- route())[["elapsed"]], "\n")
write.csv(format(found, digits = 17), paths[2], row.names = FALSE, quote = FALSE)
