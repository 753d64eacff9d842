#pragma once

#include <nabla/engine/train/step_audit.hpp>
#include <nabla/engine/train/unit_audit.hpp>
#include <span>
#include <string>

/// What `nabla train --audit` prints.
namespace nabla::app {

/// Some lines; steps and entries are counted from 1.
std::string describe_audit(const StepAudit& audit);
/// A line for each layer with an activation.
std::string describe_units(std::span<const UnitAudit> audits);

/// The steps to audit, from 0, in order: the numbers (from 1) of a list as in "1,100,800"; of an empty one the first,
/// the middle one and the last of those from `first` to `steps`. \throws UsageError
std::vector<std::int64_t> steps_to_audit(const std::string& list, std::int64_t first, std::int64_t steps);

}  // namespace nabla::app
