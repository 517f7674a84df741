# Writes survey_means.csv, survey_intervals.csv, survey_contrasts.csv and survey_tests.csv from frame.csv. Run from the root,
# after frame.R.
suppressMessages(library(survey))

frame <- read.csv("tests/oracle/frame.csv", comment.char = "#")
designs <- list(
  plain = svydesign(ids = ~1, weights = ~1, data = frame),
  weighted = svydesign(ids = ~1, weights = ~weight, data = frame),
  stratified = svydesign(ids = ~1, strata = ~stratum, weights = ~weight, data = frame),
  clustered = svydesign(ids = ~cluster, weights = ~1, data = frame),
  whole = svydesign(ids = ~cluster, strata = ~stratum, weights = ~weight, data = frame)
)
groups <- c("all", "a", "b", "c")
variables <- c("share", "rare", "score")

write_table <- function(table, name) {
  file <- file.path("tests/oracle", name)
  writeLines(paste0("# survey.R, ", R.version.string, ", survey ", packageVersion("survey")), file)
  suppressWarnings(write.table(format(table, digits = 17, trim = TRUE), file, append = TRUE, sep = ",", row.names = FALSE, quote = FALSE))
}
members <- function(design, group) if (group == "all") design else eval(bquote(subset(design, group == .(group))))
answered <- function(design, variable) eval(bquote(subset(design, !is.na(.(as.name(variable))))))

# Shares and means of domains: rows outside the domain keep their place in the design.
mean_row <- function(name, group, variable) {
  domain <- answered(members(designs[[name]], group), variable)
  mean <- svymean(reformulate(variable), domain)
  limits <- confint(mean, df = degf(domain))
  data.frame(design = name, group, variable, n = nrow(domain), mean = coef(mean)[[1]], std_error = SE(mean)[[1]],
             df = degf(domain), student_low = limits[1], student_high = limits[2])
}
cases <- expand.grid(variable = variables, group = groups, name = names(designs), stringsAsFactors = FALSE)
write_table(do.call(rbind, Map(mean_row, cases$name, cases$group, cases$variable)), "survey_means.csv")

# Intervals of shares. svyciprop does not hold the effective size to the most that its clusters leave, so that "beta" and
# "logit" (without a fit that iterates) are asked only where it is no larger. Wilson's is that of prop.test on the
# effective size so held, with the normal quantile that Student's stands for.
most_left <- function(domain, name) {
  if (!name %in% c("clustered", "whole")) return(nrow(domain))
  w <- weights(domain)
  together <- tapply(w, domain$cluster[[1]], sum)
  together <- together[!is.na(together)]
  nrow(domain) * sum(w^2) / (0.98 * sum(w^2) + 0.02 * sum(together^2))
}
interval_rows <- function(name, group, variable) {
  domain <- answered(members(designs[[name]], group), variable)
  mean <- svymean(reformulate(variable), domain)
  p <- coef(mean)[[1]]
  if (p == 0) return(NULL)
  size <- p * (1 - p) / SE(mean)[[1]]^2
  most <- most_left(domain, name)
  limits <- function(level) {
    ask <- reformulate(sprintf("I(%s == 1)", variable))
    normal <- 2 * pnorm(qt((1 + level) / 2, degf(domain))) - 1
    held <- min(size, most)
    wilson <- data.frame(interval = "wilson", rbind(as.numeric(suppressWarnings(prop.test(p * held, held, conf.level = normal, correct = FALSE))$conf.int)))
    if (size > most) return(wilson)
    rbind(
      data.frame(interval = "beta", rbind(as.numeric(attr(svyciprop(ask, domain, "beta", level), "ci")))),
      data.frame(interval = "logit", rbind(as.numeric(attr(svyciprop(ask, domain, "xlogit", level), "ci")))),
      wilson
    )
  }
  rows <- rbind(data.frame(level = 0.95, limits(0.95)), data.frame(level = 0.8, limits(0.8)))
  data.frame(design = name, group, variable, rows)
}
# Plain shares are in base.R.
cases <- subset(cases, variable != "score" & name != "plain")
rows <- do.call(rbind, Map(interval_rows, cases$name, cases$group, cases$variable))
names(rows)[6:7] <- c("low", "high")
write_table(rows, "survey_intervals.csv")

# Differences and ratios of two groups of one frame, from the totals of yes and of answers in each group.
contrast_rows <- function(name, groups, variable) {
  answered <- !is.na(frame[[variable]])
  parts <- lapply(groups, function(g) data.frame(y = ifelse(answered & frame$group == g, frame[[variable]], 0),
                                                 n = as.numeric(answered & frame$group == g)))
  design <- update(designs[[name]], ya = parts[[1]]$y, na = parts[[1]]$n, yb = parts[[2]]$y, nb = parts[[2]]$n)
  totals <- svytotal(~ya + na + yb + nb, design)
  gap <- svycontrast(totals, quote(ya / na - yb / nb))
  times <- svycontrast(totals, quote((ya / na) / (yb / nb)))
  both <- subset(design, na + nb > 0)
  data.frame(design = name, a = groups[1], b = groups[2], variable, difference = coef(gap)[[1]], difference_error = SE(gap)[[1]],
             ratio = coef(times)[[1]], ratio_error = SE(times)[[1]], df = degf(both),
             p = 2 * pt(-abs(coef(gap)[[1]] / SE(gap)[[1]]), degf(both)))
}
cases <- expand.grid(variable = c("share", "score"), pair = 1:3, name = names(designs), stringsAsFactors = FALSE)
pairs <- list(c("a", "b"), c("a", "c"), c("b", "c"))
write_table(do.call(rbind, Map(function(name, pair, variable) contrast_rows(name, pairs[[pair]], variable),
                               cases$name, cases$pair, cases$variable)), "survey_contrasts.csv")

# Rao and Scott's test, second order, of the table of two groups by the answers of those of them who answered, referred to F;
# and Wilcoxon's test on weighted ranks. svyranktest gives tied answers the plain mean of their weighted ranks, which hangs on
# the order of the rows; here it is the weighted mean, which does not, and which is svyranktest's where weights are equal.
# In one more design everyone of group a weighs the same, others do not.
designs$uneven <- svydesign(ids = ~cluster, strata = ~stratum, weights = ~ifelse(group == "a", 2, weight), data = frame)
ranked <- function(design, variable) {
  weight <- tapply(weights(design), design$variables[[variable]], sum)
  rank <- (cumsum(weight) - weight / 2) / sum(weight)
  update(design, rank = unname(rank[as.character(design$variables[[variable]])]))
}
test_row <- function(name, groups, variable) {
  both <- answered(subset(designs[[name]], group %in% groups), variable)
  found <- eval(bquote(svychisq(~ group + .(as.name(variable)), both, statistic = "F")))
  ranks <- svyttest(rank ~ group, ranked(both, variable))
  data.frame(design = name, a = groups[1], b = groups[2], variable, answers = length(unique(both$variables[[variable]])),
             f = found$statistic[[1]], ndf = found$parameter[[1]], ddf = found$parameter[[2]], p = found$p.value[[1]],
             ranks = ranks$p.value[[1]])
}
cases <- expand.grid(variable = variables, pair = 1:3, name = names(designs), stringsAsFactors = FALSE)
write_table(do.call(rbind, Map(function(name, pair, variable) test_row(name, pairs[[pair]], variable),
                               cases$name, cases$pair, cases$variable)), "survey_tests.csv")
