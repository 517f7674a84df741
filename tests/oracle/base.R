# Writes base_shares.csv, base_pairs.csv, base_means.csv, base_adjusted.csv and base_power.csv with R alone. Run from the
# root, after frame.R.
write_table <- function(table, name) {
  file <- file.path("tests/oracle", name)
  writeLines(paste0("# base.R, ", R.version.string), file)
  suppressWarnings(write.table(format(table, digits = 17, trim = TRUE), file, append = TRUE, sep = ",", row.names = FALSE, quote = FALSE))
}

# Plain shares: `yes` of `n`. The logit interval is Wald's of glm, absent at 0 and n; Jeffreys' is the posterior's quantiles.
share_rows <- function(yes, n, level) {
  tail <- (1 - level) / 2
  wilson <- suppressWarnings(prop.test(yes, n, conf.level = level, correct = FALSE)$conf.int)
  exact <- binom.test(yes, n, conf.level = level)$conf.int
  jeffreys <- c(if (yes == 0) 0 else qbeta(tail, yes + 0.5, n - yes + 0.5),
                if (yes == n) 1 else qbeta(1 - tail, yes + 0.5, n - yes + 0.5))
  rows <- rbind(data.frame(interval = "wilson", low = wilson[1], high = wilson[2]),
                data.frame(interval = "beta", low = exact[1], high = exact[2]),
                data.frame(interval = "jeffreys", low = jeffreys[1], high = jeffreys[2]))
  if (yes > 0 && yes < n) {
    fit <- glm(cbind(yes, n - yes) ~ 1, family = binomial, control = list(epsilon = 1e-15))
    logit <- plogis(confint.default(fit, level = level))
    rows <- rbind(rows, data.frame(interval = "logit", low = logit[1], high = logit[2]))
  }
  data.frame(yes, n, level, rows)
}
cases <- expand.grid(level = c(0.8, 0.95, 0.99), pair = 1:9)
yes <- c(0, 30, 1, 7, 15, 81, 33, 1, 0)
n <- c(30, 30, 30, 11, 148, 263, 174, 1, 2)
write_table(do.call(rbind, Map(function(pair, level) share_rows(yes[pair], n[pair], level), cases$pair, cases$level)), "base_shares.csv")

# Two plain shares: the score test, and Fisher's exact test with mid-p, twice the smaller of fisher.test's two tails less
# half the probability of the table seen.
pair_row <- function(yes_a, n_a, yes_b, n_b) {
  table <- rbind(c(yes_a, n_a - yes_a), c(yes_b, n_b - yes_b))
  seen <- dhyper(yes_a, n_a, n_b, yes_a + yes_b)
  tails <- c(fisher.test(table, alternative = "less")$p.value, fisher.test(table, alternative = "greater")$p.value)
  score <- suppressWarnings(prop.test(c(yes_a, yes_b), c(n_a, n_b), correct = FALSE)$p.value)
  data.frame(yes_a, n_a, yes_b, n_b, score, fisher_midp = min(1, 2 * (min(tails) - seen / 2)))
}
write_table(rbind(pair_row(10, 163, 33, 174), pair_row(0, 30, 5, 30), pair_row(30, 30, 0, 30), pair_row(3, 12, 9, 14),
                  pair_row(12, 14, 7, 16), pair_row(15, 30, 15, 30), pair_row(1, 40, 0, 25), pair_row(60, 103, 24, 60)), "base_pairs.csv")

# Welch's t test and Student's interval on the groups of frame.csv.
frame <- read.csv("tests/oracle/frame.csv", comment.char = "#")
mean_row <- function(a, b) {
  test <- t.test(frame$score[frame$group == a], frame$score[frame$group == b])
  data.frame(a, b, welch = test$p.value)
}
write_table(rbind(mean_row("a", "b"), mean_row("a", "c"), mean_row("b", "c")), "base_means.csv")

p <- c(0.04, 0.001, 0.2, 0.01, 0.01, 0.9, 0.049, 1, 0.0004, 0.03)
write_table(data.frame(p, holm = p.adjust(p, "holm"), benjamini_hochberg = p.adjust(p, "BH")), "base_adjusted.csv")

# The difference that two equal arms see.
power_row <- function(share, n, level, power) {
  seen <- power.prop.test(n = n, p1 = share, power = power, sig.level = 1 - level, tol = 1e-13)
  data.frame(share, n, level, power, detectable = seen$p2 - share)
}
write_table(rbind(power_row(0.4, 100, 0.95, 0.8), power_row(0.06, 163, 0.95, 0.8), power_row(0.19, 60, 0.9, 0.9), power_row(0.5, 30, 0.99, 0.8)),
            "base_power.csv")
