# Writes adjust_frame.csv (synthetic respondents), adjust_arms.csv, adjust_balance.csv and adjust_overlap.csv: groups made
# alike by textbook formulas; and adjust_matchit.csv, the balance that R's MatchIt tells of the groups as they are. Run from the root: Rscript tests/oracle/adjust.R [the folder ../shared/realdata].
# Beside the synthetic frame stands JOBS II (the data set `jobs` of R's mediation), where the folder holds it; the data are
# not kept here, and without them the committed results of that part are left as they are.
# Errors: all equations of an estimate are stacked, their derivative is taken by differences, and the sandwich's meat is
# svytotal's (Stefanski & Boos 2002), times (n - 1) / (n - k) for the n people of an arm and the k coefficients of the
# weights (HC1). Nothing of it is written the way `impact` computes it.
suppressMessages(library(survey))
suppressWarnings(RNGversion("4.2.0"))

write_table <- function(table, name, header = paste0("# adjust.R, ", R.version.string, ", survey ", packageVersion("survey"))) {
  file <- file.path("tests/oracle", name)
  writeLines(header, file)
  suppressWarnings(write.table(format(table, digits = 17, trim = TRUE), file, append = TRUE, sep = ",", row.names = FALSE, quote = FALSE))
}

# --- a frame ---------------------------------------------------------------------------------------------------------

set.seed(1983)
sizes <- c(9, 5, 12, 7, 15, 4, 8, 11, 6, 13, 10, 7, 9, 14, 5, 8, 12, 6, 10, 9, 16, 7, 11, 8, 13, 6, 9, 10)
cluster <- rep(seq_along(sizes), sizes)
stratum <- c(1, 2, 3)[findInterval(cluster, c(1, 9, 18))]
n <- length(cluster)
pull <- rnorm(length(sizes), sd = 0.4)[cluster]
age <- round(rnorm(n, 16, 2.2), 1)
sex <- sample(c("girl", "boy"), n, TRUE)
place <- sample(c("home", "family", "hotel", "flat"), n, TRUE, c(0.45, 0.3, 0.15, 0.1))
lean <- -0.2 + 0.25 * (age - 16) + 0.5 * (sex == "girl") - 0.6 * (place == "family") + pull
group <- ifelse(runif(n) < 0.1, "c", ifelse(runif(n) < plogis(lean), "a", "b"))
share <- as.integer(runif(n) < plogis(-0.5 + 0.2 * (age - 16) + 0.4 * (group == "a") + pull))
rare <- as.integer(runif(n) < plogis(-3.3 + 0.8 * (sex == "girl") + 0.6 * (group == "b")))
score <- pmin(pmax(round(3 + 0.2 * (age - 16) + 0.4 * (place == "home") + pull + rnorm(n)), 1), 5)
sex[sample(n, 3)] <- "other"
age[runif(n) < 0.08] <- NA
place[runif(n) < 0.07] <- NA
share[runif(n) < 0.06] <- NA
score[runif(n) < 0.05] <- NA
weight <- round(exp(rnorm(n, sd = 0.4)), 3)
frame <- data.frame(cluster, stratum, weight, group, age, sex, place, share, rare, score)[sample(n), ]
file <- "tests/oracle/adjust_frame.csv"
writeLines(paste("# adjust.R,", R.version.string), file)
suppressWarnings(write.table(frame, file, append = TRUE, sep = ",", row.names = FALSE, quote = FALSE, na = ""))

# --- the columns of the model ----------------------------------------------------------------------------------------

# Closed answers, silence one of them: those of fewer than five people of either group join the most common, whose name
# then says so. The most common is that of the whole frame.
merged <- function(x, z, frame_answers) {
  said <- function(x) ifelse(is.na(x), "missing", as.character(x))
  counts <- table(said(x), factor(z, 0:1))
  kept <- rownames(counts)[apply(counts, 1, min) >= 5]
  common <- names(which.max(table(said(frame_answers))[kept]))
  joined <- !(said(x) %in% kept)
  name <- if (any(joined)) paste0(common, "+rare") else common
  list(x = ifelse(joined | said(x) == common, name, said(x)), base = name,
       levels = c(sub(paste0("^", common, "$"), name, setdiff(sort(kept), "missing")), intersect("missing", kept)))
}
# Dummies against the most common level; numbers standardised, at their mean where there is no answer, and a column of
# who gave none where at least five of each group did not.
columns <- function(whole, pair, covariates, z, d) {
  of <- function(name) {
    x <- whole[[name]][pair]
    gone <- is.na(x)
    if (is.numeric(x)) {
      mean <- weighted.mean(x, d, na.rm = TRUE)
      x[gone] <- mean
      sd <- sqrt(weighted.mean((x - mean)[!gone]^2, d[!gone]))
      return(cbind((x - mean) / sd, if (min(sum(gone[z == 1]), sum(gone[z == 0])) >= 5) as.numeric(gone)))
    }
    found <- merged(x, z, whole[[name]])
    model.matrix(~ relevel(factor(found$x), found$base))[, -1, drop = FALSE]
  }
  x <- do.call(cbind, c(list(1), lapply(covariates, of)))
  unname(x)
}

# --- stacked equations -----------------------------------------------------------------------------------------------

slopes_of <- function(f, at) {
  one <- function(j) {
    h <- 4e-3 * max(1, abs(at[j]))
    central <- function(h) { up <- down <- at; up[j] <- up[j] + h; down[j] <- down[j] - h; (f(up) - f(down)) / (2 * h) }
    (64 * central(h / 4) - 20 * central(h / 2) + central(h)) / 45
  }
  sapply(seq_along(at), one)
}
solved <- function(psi, start) {
  total <- function(theta) colSums(psi(theta))
  for (turn in 1:25) {
    step <- solve(slopes_of(total, start), total(start))
    start <- start - step
    if (max(abs(step)) < 1e-14) break
  }
  start
}

held <- 1 / 2.5^2
# The equations of one adjustment for an outcome y, as a function of all its parameters, and where to start from.
equations <- function(adjustment, x, z, d, y, share, limits) {
  k <- ncol(x)
  r <- !is.na(y)
  y[!r] <- 0
  chance <- function(a) plogis(drop(x %*% a))
  propensity <- function(a) d * (z - chance(a)) * x
  start <- glm.fit(x, z, d, family = quasibinomial(), control = list(epsilon = 1e-14, maxit = 100))$coefficients
  weights <- switch(adjustment,
    overlap = function(a) cbind(1 - chance(a), chance(a)),
    att = function(a) cbind(1, exp(drop(x %*% a))),
    ate = function(a) cbind(1 / chance(a), 1 / (1 - chance(a))),
    entropy = function(a) cbind(1, exp(drop(x %*% a))),
    doubly_robust = function(a) cbind(1 / chance(a), 1 / (1 - chance(a))))
  first <- if (adjustment == "entropy") function(a) d * (z - (1 - z) * exp(drop(x %*% a))) * x else propensity
  if (adjustment != "doubly_robust") {
    psi <- function(theta) {
      a <- theta[1:k]
      w <- weights(a)
      cbind(first(a), d * z * w[, 1] * r * (y - theta[k + 1]), d * (1 - z) * w[, 2] * r * (y - theta[k + 2]))
    }
    return(list(psi = psi, start = c(start, 0.5, 0.5), weights = weights))
  }
  link <- if (share) plogis else identity
  hold <- held * c(0, rep(1, k - 1))
  psi <- function(theta) {
    a <- theta[1:k]
    w <- weights(a)
    arm <- function(side, w, b) d * side * r * (w * (y - link(drop(x %*% b))) * x - rep(hold * b / sum(side * r), each = length(y)))
    b <- theta[k + 1:k]
    c <- theta[2 * k + 1:k]
    cbind(propensity(a), arm(z, w[, 1], b), arm(1 - z, w[, 2], c), d * (link(drop(x %*% b)) - theta[3 * k + 1]),
          d * (link(drop(x %*% c)) - theta[3 * k + 2]))
  }
  flat <- function(side) c(if (share) qlogis(weighted.mean(y[side == 1 & r], d[side == 1 & r])) else mean(y[side == 1 & r]), rep(0, k - 1))
  list(psi = psi, start = c(start, flat(z), flat(1 - z), 0.5, 0.5), weights = weights)
}

# --- rows ------------------------------------------------------------------------------------------------------------

adjustments <- c("overlap", "att", "ate", "entropy", "doubly_robust")

# `design` is over the whole frame, `a` and `b` say which of its rows are in the two groups.
arms_rows <- function(name, data, design, weight, a, b, covariates, variables) {
  pair <- a | b
  z <- as.numeric(a[pair])
  d <- weight[pair] / mean(weight[pair])
  x <- columns(data, pair, covariates, z, d)
  rows <- list()
  for (adjustment in adjustments) for (variable in names(variables)) {
    y <- data[[variable]][pair]
    made <- equations(adjustment, x, z, d, y, variables[[variable]])
    theta <- solved(made$psi, made$start)
    size <- length(theta)
    pulls <- -made$psi(theta) %*% t(solve(slopes_of(function(t) colSums(made$psi(t)), theta)))[, size - 1:0]
    answered <- c(sum(z == 1 & !is.na(y)), sum(z == 0 & !is.na(y)))
    pulls <- pulls * rep(sqrt((answered - 1) / (answered - ncol(x))), each = nrow(pulls))
    whole <- matrix(0, nrow(data), 2)
    whole[pair, ] <- pulls
    moved <- update(design, pull_a = whole[, 1], pull_b = whole[, 2], known = !is.na(data[[variable]]), a = a, b = b)
    v <- vcov(svytotal(~pull_a + pull_b, moved))
    means <- theta[size - 1:0]
    errors <- sqrt(diag(v))
    df <- degf(subset(moved, known & (a | b)))
    gap <- means[1] - means[2]
    rows[[length(rows) + 1]] <- data.frame(
      design = name, adjustment, variable, mean_a = means[1], mean_b = means[2], error_a = errors[1], error_b = errors[2],
      correlation = v[1, 2] / prod(errors), df_a = degf(subset(moved, known & a)), df_b = degf(subset(moved, known & b)),
      p = 2 * pt(-abs(gap) / sqrt(v[1, 1] + v[2, 2] - 2 * v[1, 2]), df))
  }
  do.call(rbind, rows)
}

unbiased <- function(x, w) {
  w <- w / sum(w)
  sum(w * (x - sum(w * x))^2) / (1 - sum(w^2))
}
# Each covariate under the weights of each adjustment; standardised by the variances before any.
balance_rows <- function(name, data, weight, a, b, covariates) {
  pair <- a | b
  z <- as.numeric(a[pair])
  d <- weight[pair] / mean(weight[pair])
  x <- columns(data, pair, covariates, z, d)
  rows <- list()
  for (adjustment in c("none", setdiff(adjustments, "doubly_robust"))) {
    w <- d
    if (adjustment != "none") {
      made <- equations(adjustment, x, z, d, rep(1, length(z)), FALSE)
      psi <- function(theta) made$psi(c(theta, 1, 1))[, seq_len(ncol(x))]
      both <- made$weights(solved(psi, made$start[seq_len(ncol(x))]))
      w <- d * ifelse(z == 1, both[, 1], both[, 2])
    }
    line <- function(covariate, category, values) {
      at <- function(side, w, f) f(values[z == side & !is.na(values)], w[z == side & !is.na(values)])
      variance <- if (category == "") unbiased else function(x, w) { p <- weighted.mean(x, w); p * (1 - p) }
      gap <- at(1, w, weighted.mean) - at(0, w, weighted.mean)
      data.frame(design = name, adjustment, covariate, category, n_a = sum(!is.na(values[z == 1])), n_b = sum(!is.na(values[z == 0])),
                 mean_a = at(1, w, weighted.mean), mean_b = at(0, w, weighted.mean),
                 std_difference = gap / sqrt((at(1, d, variance) + at(0, d, variance)) / 2),
                 variance_ratio = if (category == "") at(1, w, unbiased) / at(0, w, unbiased) else NA,
                 effective_a = sum(w[z == 1])^2 / sum(w[z == 1]^2), effective_b = sum(w[z == 0])^2 / sum(w[z == 0]^2))
    }
    for (covariate in covariates) {
      values <- data[[covariate]][pair]
      gone <- is.na(values)
      if (is.numeric(values)) {
        rows[[length(rows) + 1]] <- line(covariate, "", values)
        if (min(sum(gone[z == 1]), sum(gone[z == 0])) >= 5) rows[[length(rows) + 1]] <- line(covariate, "missing", as.numeric(gone))
      } else {
        found <- merged(values, z, data[[covariate]])
        for (code in found$levels) rows[[length(rows) + 1]] <- line(covariate, code, as.numeric(found$x == code))
      }
    }
  }
  do.call(rbind, rows)
}

overlap_rows <- function(name, data, weight, a, b, covariates) {
  pair <- a | b
  z <- as.numeric(a[pair])
  d <- weight[pair] / mean(weight[pair])
  x <- columns(data, pair, covariates, z, d)
  psi <- equations("overlap", x, z, d, rep(1, length(z)), FALSE)
  a <- solved(function(a) psi$psi(c(a, 1, 1))[, seq_len(ncol(x))], psi$start[seq_len(ncol(x))])
  chance <- plogis(drop(x %*% a))
  at <- c(0.1, 0.25, 0.5, 0.75, 0.9)
  rbind(data.frame(design = name, arm = "a", quantile = at, propensity = quantile(chance[z == 1], at)),
        data.frame(design = name, arm = "b", quantile = at, propensity = quantile(chance[z == 0], at)))
}

frame <- read.csv("tests/oracle/adjust_frame.csv", comment.char = "#", na.strings = "")
designs <- list(
  plain = svydesign(ids = ~1, weights = ~1, data = frame),
  weighted = svydesign(ids = ~1, weights = ~1, data = frame),
  stratified = svydesign(ids = ~1, strata = ~stratum, weights = ~1, data = frame),
  clustered = svydesign(ids = ~cluster, weights = ~1, data = frame),
  whole = svydesign(ids = ~cluster, strata = ~stratum, weights = ~1, data = frame)
)
weights <- function(name) if (name %in% c("weighted", "stratified", "whole")) frame$weight else rep(1, nrow(frame))
covariates <- c("age", "sex", "place")
a <- frame$group == "a"
b <- frame$group == "b"
variables <- list(share = TRUE, rare = TRUE, score = FALSE)
arms <- do.call(rbind, lapply(names(designs), function(name) arms_rows(name, frame, designs[[name]], weights(name), a, b, covariates, variables)))
balances <- do.call(rbind, lapply(c("plain", "weighted"), function(name) balance_rows(name, frame, weights(name), a, b, covariates)))
overlaps <- do.call(rbind, lapply(c("plain", "weighted"), function(name) overlap_rows(name, frame, weights(name), a, b, covariates)))

given <- commandArgs(trailingOnly = TRUE)
jobs_file <- if (length(given)) file.path(given[1], "causal_jobs", "jobs.csv") else ""
if (file.exists(jobs_file)) {
  jobs <- read.csv(jobs_file)
  a <- jobs$treat == 1
  one <- rep(1, nrow(jobs))
  covariates <- c("econ_hard", "depress1", "sex", "age", "nonwhite", "income", "educ")
  jobs$work <- as.numeric(jobs$work1 == "psyemp")
  plain <- svydesign(ids = ~1, weights = ~1, data = jobs)
  arms <- rbind(arms, arms_rows("jobs", jobs, plain, one, a, !a, covariates, list(work = TRUE, depress2 = FALSE)))
  balances <- rbind(balances, balance_rows("jobs", jobs, one, a, !a, covariates))
  overlaps <- rbind(overlaps, overlap_rows("jobs", jobs, one, a, !a, covariates))
  asked <- transform(jobs, nonwhite = factor(nonwhite), income = factor(income))
  as_they_are <- MatchIt::matchit(treat ~ econ_hard + depress1 + age + nonwhite + income, asked, method = NULL, estimand = "ATE")
  told <- summary(as_they_are, standardize = TRUE)$sum.all[-1, 1:4]
  write_table(data.frame(term = rownames(told), mean_a = told[, 1], mean_b = told[, 2], std_difference = told[, 3], variance_ratio = told[, 4]),
              "adjust_matchit.csv", paste0("# adjust.R, ", R.version.string, ", MatchIt ", packageVersion("MatchIt")))
} else {
  message("adjust.R: no JOBS II data; its results are left as they are")
  kept <- function(name) subset(read.csv(file.path("tests/oracle", name), comment.char = "#"), design == "jobs")
  arms <- rbind(arms, kept("adjust_arms.csv"))
  balances <- rbind(balances, kept("adjust_balance.csv"))
  overlaps <- rbind(overlaps, kept("adjust_overlap.csv"))
}
write_table(arms, "adjust_arms.csv")
write_table(balances, "adjust_balance.csv")
write_table(overlaps, "adjust_overlap.csv")
